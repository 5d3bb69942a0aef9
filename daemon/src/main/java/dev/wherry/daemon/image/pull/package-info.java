/**
 * Pulls images from registries into the image store, and reads images from OCI image layouts. Concurrent pulls of
 * one image are one pull.
 */
package dev.wherry.daemon.image.pull;
