/**
 * A small certificate authority for the daemon and its remote clients ({@link dev.wherry.daemon.pki.Authority}): its
 * folder, the certificates it issues, and its list of revocations. Everything in the folder is a standard PEM file; the
 * daemon takes certificates of any other authority as well.
 */
package dev.wherry.daemon.pki;
