/**
 * From a root file system and a program to a process: the OCI runtime spec with Docker's defaults, bundles, the OCI
 * runtime (runc, or any other by name or path) and conmon. Keeps nothing across a restart but what lies under the run
 * root. Uses {@code metadata} for the layout of files, {@code linux} and {@code error}.
 */
package dev.wherry.daemon.runtime;
