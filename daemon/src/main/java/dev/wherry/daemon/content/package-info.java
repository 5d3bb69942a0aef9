/**
 * The content store: blobs named by the digest of their bytes, verified as they arrive, and published whole or not at
 * all. Also the two words every store speaks, {@link dev.wherry.daemon.content.Digest} and
 * {@link dev.wherry.daemon.content.Descriptor}. Uses {@code metadata} and {@code linux}.
 */
package dev.wherry.daemon.content;
