"""Routes of logins without a password: passkeys, a login provider."""
