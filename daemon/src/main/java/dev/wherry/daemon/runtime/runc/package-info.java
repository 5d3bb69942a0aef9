/**
 * Calls the OCI runtime by its command line, which runc, crun and youki share.
 */
package dev.wherry.daemon.runtime.runc;
