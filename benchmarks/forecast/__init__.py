"""How well the forecast foretells: made-up ways of moving in, and the rehearsal's."""
