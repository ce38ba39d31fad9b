"""Sites as they are known from their own pages: profiles, learnt and applied."""
