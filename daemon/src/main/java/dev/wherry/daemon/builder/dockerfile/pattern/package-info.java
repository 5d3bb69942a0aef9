/** The pattern languages of Dockerfiles: wildcards of COPY, and .dockerignore. */
package dev.wherry.daemon.builder.dockerfile.pattern;
