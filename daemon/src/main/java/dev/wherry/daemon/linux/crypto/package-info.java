/** What the host computes faster than the JDK of an executable does: SHA-256 by its {@code libcrypto}. */
package dev.wherry.daemon.linux.crypto;
