/**
 * Unpacks untrusted tar streams: into the folder of a new layer, or into a tree that is in use. Nothing outside
 * of the target folder is read or written, and every stream is limited.
 */
package dev.wherry.daemon.snapshot.unpack;
