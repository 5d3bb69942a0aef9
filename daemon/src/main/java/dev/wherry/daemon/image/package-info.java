/**
 * The image store: references, manifests, indexes and configs. Images enter it by a pull, an import or a build.
 */
package dev.wherry.daemon.image;
