/**
 * The daemon as the command line sees it: its address, the channel, its errors in one sentence, and the calls that carry
 * streams: the build context, a tar to import, the streams of a container. May use {@code view}.
 */
package dev.wherry.cli.client;
