/** The streams of a process in a container: standard input, output and error, signals and window sizes. */
package dev.wherry.cli.client.stream;
