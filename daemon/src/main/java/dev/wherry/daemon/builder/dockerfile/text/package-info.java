/** Dockerfiles as text: source lines, positions in them, and errors that carry a position. */
package dev.wherry.daemon.builder.dockerfile.text;
