/**
 * Images as files that other tools read and write: OCI image layouts, archives for {@code docker load}, and tar
 * streams of root file systems. Owns how layers are compressed for export; the image store keeps no compressed
 * layer of its own.
 */
package dev.wherry.daemon.image.archive;
