"""Training stages. Each stands alone, keeps to a time budget and can be taken up again after any kill."""
