package dev.wherry.daemon.api.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import org.jboss.logging.Logger;

/**
 * Keeps a call that was reset from closing the connection of the calls beside it. A response may be written when the
 * client has just reset its stream. Netty then fails that write alone, but the HTTP/2 server of Vert.x writes headers
 * with a promise that nobody waits for ({@link Channel#voidPromise}), and such a promise reports its failure to the
 * pipeline of the connection, where Vert.x takes every exception for the end of the connection. This handler comes
 * before Vert.x's and drops what concerns one stream. Exceptions of the connection itself pass.
 */
final class StreamWriteFailures extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = Logger.getLogger(StreamWriteFailures.class);

    /** For a server's channel: gives each connection this handler, before those of HTTP/2. */
    static final class Acceptor extends ChannelInboundHandlerAdapter {

        /** @param connection as {@link ServerChannel} emits it */
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            Channel channel = (Channel) connection;
            channel.pipeline().addFirst(new StreamWriteFailures());
            context.fireChannelRead(connection);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        if (isOfOneStream(failure)) {
            LOG.debugf("a response was not written: %s", failure.getMessage());
        } else {
            context.fireExceptionCaught(failure);
        }
    }

    /** What Netty's encoder fails a write with whose stream has closed, is closing, or closes before it is written. */
    private static boolean isOfOneStream(Throwable failure) {
        return failure instanceof IllegalStateException
                || failure instanceof IllegalArgumentException
                || failure instanceof StreamException;
    }
}
