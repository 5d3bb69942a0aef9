/** The text of a Dockerfile: physical lines, positions, and errors that carry their position. */
package dev.wherry.daemon.builder.dockerfile.text;
