/**
 * The OCI distribution protocol both ways: the endpoints that serve a repository, its manifests and blobs, uploads,
 * retries. It knows hosts and paths, not references or images.
 */
package dev.wherry.daemon.registry;
