package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exceptions of one stream end at the connection; exceptions of the connection pass. */
class StreamWriteFailuresTest {

    private final EmbeddedChannel server = new EmbeddedChannel(new StreamWriteFailures.Acceptor());
    private final EmbeddedChannel connection = new EmbeddedChannel();

    static Exception[] ofOneStream() {
        Http2Exception wrongSide = Http2Exception.connectionError(
                Http2Error.PROTOCOL_ERROR, "Request stream 3 is not correct for server connection");
        return new Exception[] {
            new IllegalStateException("Stream no longer exists: 3", wrongSide),
            new IllegalStateException("Stream 3 in unexpected state HALF_CLOSED_LOCAL"),
            new IllegalArgumentException("Stream no longer exists: 3"),
            Http2Exception.streamError(3, Http2Error.STREAM_CLOSED, "Stream closed before write could take place")
        };
    }

    static Exception[] ofTheConnection() {
        return new Exception[] {
            new IOException("Connection reset by peer"),
            Http2Exception.connectionError(Http2Error.FRAME_SIZE_ERROR, "Frame length exceeds the limit")
        };
    }

    @ParameterizedTest
    @MethodSource("ofOneStream")
    void dropsWhatConcernsOneStream(Exception failure) {
        server.writeInbound(connection);

        connection.pipeline().fireExceptionCaught(failure);

        connection.checkException();
        assertThat(connection.isOpen()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ofTheConnection")
    void passesWhatConcernsTheConnection(Exception failure) {
        server.writeInbound(connection);

        connection.pipeline().fireExceptionCaught(failure);

        assertThatThrownBy(connection::checkException).isSameAs(failure);
    }

    @Test
    void passesTheConnectionOn() {
        server.writeInbound(connection);

        assertThat(server.<Object>readInbound()).isSameAs(connection);
    }
}
