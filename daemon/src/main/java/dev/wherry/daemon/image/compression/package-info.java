/** How layers are compressed: recognizes it, undoes it within bounds, and does it on all processors. */
package dev.wherry.daemon.image.compression;
