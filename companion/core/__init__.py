"""What every layer may use: no Qt, no database, nothing of ours."""
