/**
 * Builds by Docker's API as it was before BuildKit: the context is an archive in the request, the progress lines of text
 * in JSON. The builder and its cache are those of every other build.
 */
package dev.wherry.daemon.api.docker.build;
