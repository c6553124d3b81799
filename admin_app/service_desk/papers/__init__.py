"""The change form 信息变更表 on paper: filled in, to be signed or stamped, and sent back."""
