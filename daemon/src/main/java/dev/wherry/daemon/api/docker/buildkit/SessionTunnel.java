package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.control.BytesMessage;
import dev.wherry.daemon.api.docker.buildkit.session.SessionStream;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.error.CancelledException;
import java.io.InputStream;
import java.io.OutputStream;

/** The bytes of a session that are messages of a call. */
final class SessionTunnel {

    private SessionTunnel() {}

    static InputStream input(RequestQueue<BytesMessage> in) {
        return new SessionStream(() -> in.next().map(BytesMessage::getData), () -> {}, _ -> {});
    }

    static OutputStream output(ResponseSender<BytesMessage> out) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                try {
                    out.send(BytesMessage.newBuilder()
                            .setData(ByteString.copyFrom(bytes, offset, length))
                            .build());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CancelledException("the session was cancelled", interrupted);
                }
            }
        };
    }
}
