package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.builder.run.AgentConversation;
import dev.wherry.daemon.builder.run.BuildClient;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.v1.AgentData;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.LoginsRequest;
import dev.wherry.v1.OutputManifest;
import dev.wherry.v1.SecretChunk;
import dev.wherry.v1.SecretRequest;
import dev.wherry.v1.WantedEntries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a build and its steps ask of the client: logins, secrets, conversations with its SSH agents, and which files of an
 * output it lacks. The requests that
 * answer are read from the first question on, by a thread of their own; before that whoever reads the build context reads
 * the stream. The thread starts when that reader has its message.
 */
final class StepRequests implements BuildClient, OutputManifests.Question, AutoCloseable {

    private static final int MOST_OTHERS = 8;

    private final Set<String> secrets;
    private final Set<String> agents;
    private final LoginQuestions logins;
    private final RemoteContext.Requests in;
    private final EventSink out;
    private final ReentrantLock asking = new ReentrantLock();
    private final BlockingQueue<SecretChunk> chunks = new LinkedBlockingQueue<>();
    private final Map<Integer, AgentConversation> talks = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final Thread reader = Thread.ofVirtual().name("step-requests").unstarted(this::read);
    /** Answers to other questions that come once the reader runs; the client waits while there are many. */
    private final BlockingQueue<Optional<BuildRequest>> others = new ArrayBlockingQueue<>(MOST_OTHERS);

    /** The answer to the question which entries of an output the client wants. */
    private final BlockingQueue<Optional<WantedEntries>> answers = new ArrayBlockingQueue<>(1);

    /** Whether someone else than the reader reads the stream now. Guarded by this. */
    private boolean lent;

    /** Whether the reader is to read all that comes from now on. Guarded by this. */
    private boolean starting;

    private volatile boolean ended;

    StepRequests(BuildOptions options, RemoteContext.Requests in, EventSink out) {
        this.secrets = Set.copyOf(options.getSecretIdsList());
        this.agents = Set.copyOf(options.getAgentIdsList());
        this.logins = new LoginQuestions(options.getHasLogins(), this::ask);
        this.in = in;
        this.out = out;
    }

    /** The client's next request that is no answer to a step. */
    Optional<BuildRequest> next() throws InterruptedException {
        if (!lend()) {
            return others.take();
        }
        try {
            return in.next();
        } finally {
            giveBack();
        }
    }

    private synchronized boolean lend() throws InterruptedException {
        while (lent) {
            wait();
        }
        lent = reader.getState() == Thread.State.NEW && !starting;
        return lent;
    }

    private synchronized void giveBack() {
        lent = false;
        notifyAll();
    }

    @Override
    public RegistryLogins logins(Set<String> registries) {
        return logins.about(registries);
    }

    private void ask(LoginsRequest question) throws InterruptedException {
        startReader();
        out.send(BuildEvent.newBuilder().setLogins(question).build());
    }

    @Override
    public void tell(OutputManifest part) throws InterruptedException {
        startReader();
        out.send(BuildEvent.newBuilder().setManifest(part).build());
    }

    @Override
    public BitSet wanted() throws InterruptedException {
        WantedEntries answer = answers.take().orElseThrow(() -> new CancelledException("the client went away"));
        return BitSet.valueOf(answer.getEntries().toByteArray());
    }

    @Override
    public Optional<byte[]> secret(String id) throws InterruptedException {
        if (!secrets.contains(id)) {
            return Optional.empty();
        }
        asking.lockInterruptibly();
        try {
            startReader();
            out.send(BuildEvent.newBuilder()
                    .setSecret(SecretRequest.newBuilder().setId(id))
                    .build());
            return Optional.of(content(id));
        } finally {
            asking.unlock();
        }
    }

    private byte[] content(String id) throws InterruptedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (true) {
            SecretChunk chunk = chunks.take();
            if (ended) {
                throw new CancelledException("the client went away");
            }
            if (!chunk.getError().isEmpty()) {
                throw new InvalidInputException("the secret \"" + id + "\" cannot be read: " + chunk.getError());
            }
            if (content.size() + chunk.getData().size() > LARGEST_SECRET) {
                throw new InvalidInputException("the secret \"" + id + "\" is larger than 500 KiB");
            }
            content.writeBytes(chunk.getData().toByteArray());
            if (chunk.getLast()) {
                return content.toByteArray();
            }
        }
    }

    @Override
    public boolean hasAgent(String id) {
        return agents.contains(id);
    }

    @Override
    public void talkToAgent(String id, SocketChannel step) throws IOException, InterruptedException {
        int connection = next.incrementAndGet();
        AgentConversation talk = new AgentConversation(step, agent(connection));
        talks.put(connection, talk);
        try {
            startReader();
            send(AgentData.newBuilder().setConnection(connection).setId(id));
            talk.carry();
        } finally {
            talks.remove(connection);
        }
    }

    private AgentConversation.Agent agent(int connection) {
        return new AgentConversation.Agent() {
            @Override
            public void send(ByteBuffer data) throws InterruptedException {
                StepRequests.this.send(
                        AgentData.newBuilder().setConnection(connection).setData(ByteString.copyFrom(data)));
            }

            @Override
            public void closed() throws InterruptedException {
                StepRequests.this.send(
                        AgentData.newBuilder().setConnection(connection).setClosed(true));
            }
        };
    }

    private void send(AgentData.Builder data) throws InterruptedException {
        out.send(BuildEvent.newBuilder().setAgent(data).build());
    }

    private synchronized void startReader() throws InterruptedException {
        starting = true;
        while (lent) {
            wait();
        }
        if (reader.getState() == Thread.State.NEW) {
            reader.start();
        }
    }

    private void read() {
        try {
            for (Optional<BuildRequest> request = in.next(); request.isPresent(); request = in.next()) {
                take(request.get());
            }
        } catch (InterruptedException | CancelledException gone) {
            // Those who wait are told below.
        } finally {
            ended = true;
            chunks.add(SecretChunk.getDefaultInstance());
            answers.offer(Optional.empty());
            logins.end();
            talks.values().forEach(AgentConversation::end);
            endOthers();
        }
    }

    private void endOthers() {
        try {
            others.put(Optional.empty());
        } catch (InterruptedException closed) {
            // Nobody waits any more.
        }
    }

    private void take(BuildRequest request) throws InterruptedException {
        switch (request.getRequestCase()) {
            case SECRET -> {
                // One is asked for at a time, so that more than fits in one is not an answer.
                if (asking.isLocked() && chunks.size() < LARGEST_SECRET) {
                    chunks.add(request.getSecret());
                }
            }
            case AGENT -> {
                AgentConversation talk = talks.get(request.getAgent().getConnection());
                if (talk != null) {
                    AgentData said = request.getAgent();
                    talk.received(
                            said.getClosed()
                                    ? Optional.empty()
                                    : Optional.of(said.getData().asReadOnlyByteBuffer()));
                }
            }
            case LOGINS -> logins.answered(request.getLogins());
            // One is asked for at a time, so that more than one is not an answer.
            case WANTED -> answers.offer(Optional.of(request.getWanted()));
            default -> others.put(Optional.of(request));
        }
    }

    @Override
    public void close() {
        reader.interrupt();
        talks.values().forEach(AgentConversation::end);
    }
}
