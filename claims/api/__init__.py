"""What providers' machines ask for, as JSON under /api/v1/. For the people who write them: docs/api.md."""
