/**
 * Writes bundles (OCI runtime-spec, "Filesystem Bundle"): the spec of a process, the files mounted over its root
 * file system, and the mount points it needs.
 */
package dev.wherry.daemon.runtime.bundle;
