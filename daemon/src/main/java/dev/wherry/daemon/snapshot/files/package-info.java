/** Files of a tree that is in use, a container or a volume, as tar streams: out of it, and into it. */
package dev.wherry.daemon.snapshot.files;
