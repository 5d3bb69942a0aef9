/**
 * Shells in the state of build steps: a failed step offers its file system, mounts and network as they are to the client
 * of the build before all of it goes.
 */
package dev.wherry.daemon.builder.shell;
