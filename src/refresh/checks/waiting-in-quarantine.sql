SELECT COUNT(*) AS observed FROM quarantine WHERE status = 'waiting'
