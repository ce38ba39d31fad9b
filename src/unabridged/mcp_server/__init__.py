"""MCP server: the archive for programs that speak the Model Context Protocol, over stdio and HTTP."""
