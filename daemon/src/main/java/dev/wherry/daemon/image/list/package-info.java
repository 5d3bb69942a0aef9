/**
 * Manifest lists: indexes that users put together from manifests in registries, and push. A list is kept by its reference
 * and holds no images.
 */
package dev.wherry.daemon.image.list;
