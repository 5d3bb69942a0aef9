package dev.wherry.cli.it;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.content.ContentGrpc;
import dev.wherry.buildkit.content.Info;
import dev.wherry.buildkit.content.InfoRequest;
import dev.wherry.buildkit.content.InfoResponse;
import dev.wherry.buildkit.content.ListContentRequest;
import dev.wherry.buildkit.content.ListContentResponse;
import dev.wherry.buildkit.content.ReadContentRequest;
import dev.wherry.buildkit.content.ReadContentResponse;
import dev.wherry.buildkit.content.WriteAction;
import dev.wherry.buildkit.content.WriteContentRequest;
import dev.wherry.buildkit.content.WriteContentResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The blobs of a client of BuildKit, in memory. */
final class BuildkitStore extends ContentGrpc.ContentImplBase {

    private static final int PIECE = 1 << 20;

    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final List<String> read = new CopyOnWriteArrayList<>();
    private final List<String> written = new CopyOnWriteArrayList<>();

    static String digest(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Has a blob from now on. */
    String with(byte[] bytes) {
        blobs.put(digest(bytes), bytes);
        return digest(bytes);
    }

    /** Says of something that it has the digest of something else. */
    void lie(String digest, byte[] bytes) {
        blobs.put(digest, bytes);
    }

    byte[] blob(String digest) {
        return blobs.get(digest);
    }

    List<String> read() {
        return read;
    }

    List<String> written() {
        return written;
    }

    private Info info(String digest) {
        return Info.newBuilder()
                .setDigest(digest)
                .setSize(blobs.get(digest).length)
                .build();
    }

    @Override
    public void info(InfoRequest request, StreamObserver<InfoResponse> answer) {
        if (!blobs.containsKey(request.getDigest())) {
            answer.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        answer.onNext(
                InfoResponse.newBuilder().setInfo(info(request.getDigest())).build());
        answer.onCompleted();
    }

    @Override
    public void list(ListContentRequest request, StreamObserver<ListContentResponse> answer) {
        blobs.keySet()
                .forEach(digest -> answer.onNext(
                        ListContentResponse.newBuilder().addInfo(info(digest)).build()));
        answer.onCompleted();
    }

    @Override
    public void read(ReadContentRequest request, StreamObserver<ReadContentResponse> answer) {
        byte[] bytes = blobs.get(request.getDigest());
        if (bytes == null) {
            answer.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        read.add(request.getDigest());
        for (int at = 0; at < bytes.length; at += PIECE) {
            answer.onNext(ReadContentResponse.newBuilder()
                    .setOffset(at)
                    .setData(ByteString.copyFrom(bytes, at, Math.min(PIECE, bytes.length - at)))
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public StreamObserver<WriteContentRequest> write(StreamObserver<WriteContentResponse> answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new StreamObserver<>() {
            @Override
            public void onNext(WriteContentRequest request) {
                bytes.writeBytes(request.getData().toByteArray());
                if (request.getAction() == WriteAction.COMMIT) {
                    if (!digest(bytes.toByteArray()).equals(request.getExpected())) {
                        answer.onError(Status.FAILED_PRECONDITION.asRuntimeException());
                        return;
                    }
                    written.add(with(bytes.toByteArray()));
                }
                answer.onNext(WriteContentResponse.newBuilder()
                        .setAction(request.getAction())
                        .setOffset(bytes.size())
                        .build());
                if (request.getAction() == WriteAction.COMMIT) {
                    answer.onCompleted();
                }
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
        };
    }
}
