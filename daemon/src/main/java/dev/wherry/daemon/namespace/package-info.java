/**
 * The daemons of namespaces. Callers whose roles name a namespace see none of the things of others, since a daemon of their
 * own serves them: the same program with folders of its own below those of the first daemon, which starts it ({@link
 * dev.wherry.daemon.namespace.NamespaceDaemons}) and without which it does not live ({@link
 * dev.wherry.daemon.namespace.FirstDaemon}).
 */
package dev.wherry.daemon.namespace;
