/**
 * What the daemon knows: one SQLite database, its schema and its transactions. Files are the truth for bytes, the
 * database for meaning. The tables belong to the packages named in the schema; this package owns only how they are
 * reached. Uses {@code error}. Also {@link dev.wherry.daemon.metadata.Layout}, the names of files on disk.
 */
package dev.wherry.daemon.metadata;
