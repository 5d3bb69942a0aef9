/**
 * The services that a client of BuildKit offers to its build over its session: its files, secrets, SSH agents and logins, and
 * the place where results go. The engine is the client of these services; {@link
 * dev.wherry.daemon.api.docker.buildkit.session.ClientSessions} knows the sessions by their names. What comes over a session
 * is not trusted: names and sizes are checked where they arrive.
 */
package dev.wherry.daemon.api.docker.buildkit.session;
