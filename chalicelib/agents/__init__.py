"""Agents: who they are, whether they can take work (connection, routing status, duty), and what lies on their desk."""
