/**
 * The streams of Kubernetes' CRI: exec, attach and port forwarding answer a URL, and whoever gets there first is joined to
 * a process, or to the ports of a pod. {@link dev.wherry.daemon.api.cri.stream.StreamingServer} hands the URLs out and serves
 * them.
 *
 * <p>Two protocols give the same streams: SPDY/3.1, and the channels of a WebSocket. A connection has a thread of its own,
 * and blocks: Netty's codecs are used as functions from bytes to frames, without an event loop.
 */
package dev.wherry.daemon.api.cri.stream;
