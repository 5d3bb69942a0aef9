/**
 * The conversation of a build: the client answers requests for files of the build context, for secrets and for SSH agents,
 * and receives the outputs. {@link dev.wherry.cli.client.builds.ResumableStream} carries it over one connection after
 * another.
 */
package dev.wherry.cli.client.builds;
