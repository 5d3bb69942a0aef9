/** The pattern languages of a build: ignore files, the wildcards of COPY, and shell patterns in substitutions. */
package dev.wherry.daemon.builder.dockerfile.pattern;
