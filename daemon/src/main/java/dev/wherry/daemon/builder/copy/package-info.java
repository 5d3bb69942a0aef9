/**
 * COPY, ADD and WORKDIR steps: which files are selected, who owns them, what modes and times they get, and where they go.
 * Also which of the copied files a later RUN opens.
 */
package dev.wherry.daemon.builder.copy;
