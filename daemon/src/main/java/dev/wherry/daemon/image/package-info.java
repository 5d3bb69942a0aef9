/**
 * The image store: references, manifests, indexes and configs, and how images come in: pulled, imported, built. Uses
 * {@code registry}, {@code content}, {@code snapshot}, {@code metadata}.
 */
package dev.wherry.daemon.image;
