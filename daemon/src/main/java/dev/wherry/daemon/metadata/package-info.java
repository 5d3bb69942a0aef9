/**
 * The daemon's one SQLite database, its schema and its transactions. The database holds what the bytes in files
 * mean. Each table belongs to the package that the schema names; this package owns only the access to the
 * database. Also {@link dev.wherry.daemon.metadata.Layout}, the paths of the daemon's files.
 */
package dev.wherry.daemon.metadata;
