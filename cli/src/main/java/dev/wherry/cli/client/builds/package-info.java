/**
 * The conversation of a build: the client answers requests for files of the build context, for secrets and for SSH agents,
 * and receives the outputs.
 */
package dev.wherry.cli.client.builds;
