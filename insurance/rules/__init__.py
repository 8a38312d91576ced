"""The rules: frozen facts and frozen policy in, a decision out. No clock, no database, no words for people."""
