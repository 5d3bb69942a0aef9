/**
 * Images as files that other tools take: the OCI image layout and the archive of {@code docker load}. Owns how layers
 * are compressed on the way out; nothing compressed is kept.
 */
package dev.wherry.daemon.image.archive;
