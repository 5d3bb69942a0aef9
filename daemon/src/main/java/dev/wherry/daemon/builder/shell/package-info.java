/**
 * Shells in the state of build steps: a failed step offers its file system, mounts and network as they are to the client
 * of the build before all of it goes; a step of an earlier build has a shell in its files, as long as the cache holds
 * them.
 */
package dev.wherry.daemon.builder.shell;
