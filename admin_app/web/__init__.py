"""What all pages share: sessions, the gate, transactions, errors, headers, language, navigation."""
