/**
 * The content store: blobs named by the digest of their bytes, verified as they arrive, and published whole or
 * not at all. Also {@link dev.wherry.daemon.content.Digest} and {@link dev.wherry.daemon.content.Descriptor},
 * which every store uses.
 */
package dev.wherry.daemon.content;
