package dev.wherry.suites;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client of the engine by one of the library's transports, which removes what containers it made. */
final class Engine implements AutoCloseable {

    static final String IMAGE = "busybox:latest";
    static final int SECONDS = 30;

    /** What carries the calls. */
    enum Transport {
        HTTPCLIENT5,
        ZERODEP
    }

    final DockerClient client;
    private final List<String> containers = new ArrayList<>();

    Engine(Transport transport) throws Exception {
        DockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        client = DockerClientImpl.getInstance(config, http(transport, config));
        try {
            client.inspectImageCmd(IMAGE).exec();
        } catch (NotFoundException absent) {
            client.pullImageCmd(IMAGE).start().awaitCompletion(SECONDS, TimeUnit.SECONDS);
        }
    }

    private static DockerHttpClient http(Transport transport, DockerClientConfig config) {
        return switch (transport) {
            case HTTPCLIENT5 ->
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build();
            case ZERODEP ->
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build();
        };
    }

    /** A container that is to be created. */
    CreateContainerCmd container(String... command) {
        return client.createContainerCmd(IMAGE).withCmd(command);
    }

    /** Creates a container, and returns its ID. */
    String create(CreateContainerCmd command) {
        String id = command.exec().getId();
        containers.add(id);
        return id;
    }

    /** Creates and starts a container, and returns its ID. */
    String run(String... command) {
        return start(create(container(command)));
    }

    String start(String id) {
        client.startContainerCmd(id).exec();
        return id;
    }

    int await(String id) {
        return client.waitContainerCmd(id).start().awaitStatusCode(SECONDS, TimeUnit.SECONDS);
    }

    /** Output as it came, by its streams. */
    static final class Output extends ResultCallback.Adapter<Frame> {
        private final StringBuilder out = new StringBuilder();
        private final StringBuilder err = new StringBuilder();

        @Override
        public synchronized void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? err : out)
                    .append(new String(frame.getPayload(), StandardCharsets.UTF_8));
        }

        synchronized String out() {
            return out.toString();
        }

        synchronized String err() {
            return err.toString();
        }
    }

    @Override
    public void close() throws Exception {
        for (String id : containers) {
            try {
                client.removeContainerCmd(id)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (NotFoundException gone) {
                // A test may have removed it.
            }
        }
        client.close();
    }
}
