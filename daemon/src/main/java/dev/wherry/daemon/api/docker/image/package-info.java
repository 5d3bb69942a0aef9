/**
 * Images by Docker's API: their lists, and their ways to and from registries and archives with progress in lines of JSON.
 */
package dev.wherry.daemon.api.docker.image;
