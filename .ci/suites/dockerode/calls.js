// Calls Docker's API by dockerode, and prints a line for each: pass or fail, and its name.
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { PassThrough } = require('node:stream')
const Docker = require('dockerode')

const LIMIT_MILLIS = 30000
const work = process.env.WORK
const docker = new Docker({ socketPath: process.env.DOCKER_HOST.replace('unix://', '') })

const read = stream => new Promise((resolve, reject) => {
  const chunks = []
  stream.on('data', chunk => chunks.push(chunk))
  stream.on('end', () => resolve(Buffer.concat(chunks)))
  stream.on('close', () => resolve(Buffer.concat(chunks)))
  stream.on('error', reject)
})

// What a framed stream carries, once it has ended.
const parts = async stream => {
  const out = new PassThrough()
  const err = new PassThrough()
  docker.modem.demuxStream(stream, out, err)
  const both = Promise.all([read(out), read(err)])
  await new Promise((resolve, reject) => stream.on('end', resolve).on('close', resolve).on('error', reject))
  out.end()
  err.end()
  const [stdout, stderr] = await both
  return { stdout: stdout.toString(), stderr: stderr.toString() }
}

const progress = stream => new Promise((resolve, reject) =>
  docker.modem.followProgress(stream, (failure, lines) => failure ? reject(failure) : resolve(lines)))

const running = (name, more = {}) =>
  docker.createContainer({ name, Image: 'busybox', Cmd: ['sleep', '1000'], ...more })
    .then(container => container.start().then(() => container))

const fails = (promise, status) => assert.rejects(promise, failure => {
  assert.equal(failure.statusCode, status, failure.message)
  return true
})

const tests = {
  async ping_and_version () {
    assert.equal((await docker.ping()).toString(), 'OK')
    assert.equal((await docker.version()).Os, 'linux')
    assert.ok((await docker.info()).ServerVersion)
  },

  async pull_follows_progress () {
    const lines = await progress(await docker.pull('busybox:latest'))
    assert.ok(lines.some(line => /^(Status: |Digest: sha256:)/.test(line.status)), JSON.stringify(lines))
    assert.deepEqual((await docker.getImage('busybox').inspect()).RepoTags, ['busybox:latest'])
  },

  async pull_of_what_is_not_there_fails () {
    await assert.rejects(docker.pull('busybox:nosuchtag').then(progress))
  },

  async create_start_wait_logs_remove () {
    const container = await docker.createContainer({
      Image: 'busybox', Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'], Labels: { suite: 'dockerode' }
    })
    await container.start()
    assert.equal((await container.wait()).StatusCode, 3)
    const logs = await parts(await container.logs({ stdout: true, stderr: true, follow: true }))
    assert.deepEqual(logs, { stdout: 'out\n', stderr: 'err\n' })
    const stored = await container.logs({ stdout: true, stderr: false, follow: false })
    assert.equal(stored.subarray(8).toString(), 'out\n')
    const listed = await docker.listContainers({ all: true, filters: { label: ['suite=dockerode'] } })
    assert.deepEqual(listed.map(one => one.Id), [container.id])
    await container.remove()
    await fails(container.inspect(), 404)
  },

  async run_streams_output () {
    const out = new PassThrough()
    const all = read(out)
    const [result, container] = await docker.run('busybox', ['sh', '-c', 'echo one; echo two'], out, { HostConfig: { AutoRemove: true } })
    out.end()
    assert.equal(result.StatusCode, 0)
    assert.match((await all).toString(), /one\r?\ntwo\r?\n/)
    assert.ok(container.id)
  },

  async attach_with_input_until_its_end () {
    const container = await docker.createContainer({
      Image: 'busybox', Cmd: ['sh', '-c', 'cat; echo done >&2'], OpenStdin: true, StdinOnce: true, AttachStdin: true
    })
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true })
    const output = parts(stream)
    await container.start()
    stream.write('first\n')
    stream.end('second\n')
    assert.deepEqual(await output, { stdout: 'first\nsecond\n', stderr: 'done\n' })
    assert.equal((await container.wait()).StatusCode, 0)
    await container.remove()
  },

  async attach_to_a_terminal_and_resize () {
    const container = await docker.createContainer({ Image: 'busybox', Cmd: ['sh'], Tty: true, OpenStdin: true })
    const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true })
    const output = read(stream)
    await container.start()
    await container.resize({ h: 33, w: 77 })
    stream.write('stty size; exit 5\n')
    assert.equal((await container.wait()).StatusCode, 5)
    assert.match((await output).toString(), /33 77/)
    await container.remove()
  },

  async exec_with_and_without_input () {
    const container = await running('dockerode-exec')
    const exec = await container.exec({ Cmd: ['sh', '-c', 'echo $A; echo err >&2; exit 7'], Env: ['A=b'], AttachStdout: true, AttachStderr: true })
    assert.deepEqual(await parts(await exec.start({})), { stdout: 'b\n', stderr: 'err\n' })
    const ended = await exec.inspect()
    assert.equal(ended.ExitCode, 7)
    assert.equal(ended.Running, false)
    const cat = await container.exec({ Cmd: ['cat'], AttachStdin: true, AttachStdout: true })
    const stream = await cat.start({ hijack: true, stdin: true })
    const output = parts(stream)
    stream.end('through\n')
    assert.equal((await output).stdout, 'through\n')
    const detached = await container.exec({ Cmd: ['touch', '/touched'] })
    await detached.start({ Detach: true })
    await container.remove({ force: true })
  },

  async logs_are_followed () {
    const container = await docker.createContainer({ Image: 'busybox', Cmd: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 0.1; done'] })
    await container.start()
    const seen = await parts(await container.logs({ follow: true, stdout: true, stderr: true, timestamps: true }))
    assert.match(seen.stdout, /^\d{4}-\S+Z 1\n\S+Z 2\n\S+Z 3\n$/)
    await container.remove({ force: true })
  },

  async build_from_files () {
    const context = path.join(work, 'context')
    fs.mkdirSync(context)
    fs.writeFileSync(path.join(context, 'Dockerfile'), 'FROM busybox\nARG who\nCOPY file /file\nRUN echo "$who" >>/file\nLABEL made=here\n')
    fs.writeFileSync(path.join(context, 'file'), 'content\n')
    const options = { t: 'dockerode-built', buildargs: { who: 'me' } }
    const lines = await progress(await docker.buildImage({ context, src: ['Dockerfile', 'file'] }, options))
    assert.ok(lines.some(line => /^Successfully built /.test(line.stream)), JSON.stringify(lines))
    const image = docker.getImage('dockerode-built')
    assert.equal((await image.inspect()).Config.Labels.made, 'here')
    const out = new PassThrough()
    const all = read(out)
    await docker.run('dockerode-built', ['cat', '/file'], out, { HostConfig: { AutoRemove: true } })
    out.end()
    assert.match((await all).toString(), /content\r?\nme\r?\n/)
    assert.ok((await image.history()).length >= 3)
    await image.tag({ repo: 'dockerode-built', tag: 'again' })
    await docker.getImage('dockerode-built:again').remove()
    await image.remove()
    await fails(image.inspect(), 404)
  },

  async build_that_fails_says_so () {
    const context = path.join(work, 'failing')
    fs.mkdirSync(context)
    fs.writeFileSync(path.join(context, 'Dockerfile'), 'FROM busybox\nRUN exit 9\n')
    const lines = await progress(await docker.buildImage({ context, src: ['Dockerfile'] }, {})).catch(failure => [{ error: failure.message }])
    assert.match(lines.at(-1).error, /returned a non-zero code: 9|exit code: 9/)
  },

  async files_are_copied_in_and_out () {
    const container = await docker.createContainer({ name: 'dockerode-copy', Image: 'busybox', Cmd: ['cat', '/root/in'] })
    fs.writeFileSync(path.join(work, 'in'), 'copied\n')
    const tar = require('tar-fs').pack(work, { entries: ['in'] })
    await container.putArchive(tar, { path: '/root' })
    const header = (await container.infoArchive({ path: '/root/in' })).headers['x-docker-container-path-stat']
    assert.equal(JSON.parse(Buffer.from(header, 'base64')).size, 7)
    await container.start()
    await container.wait()
    assert.equal((await parts(await container.logs({ stdout: true, follow: true }))).stdout, 'copied\n')
    const back = await read(await container.getArchive({ path: '/root/in' }))
    assert.equal(back.subarray(0, 2).toString(), 'in')
    assert.equal(back.subarray(512, 519).toString(), 'copied\n')
    await fails(container.getArchive({ path: '/nowhere' }), 404)
    await container.remove()
  },

  async events_are_streamed () {
    const stream = await docker.getEvents({ filters: { type: ['container'], container: ['dockerode-events'] } })
    const actions = []
    const ended = new Promise((resolve, reject) => {
      let text = ''
      stream.on('error', reject)
      stream.on('data', chunk => {
        text += chunk
        for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
          const event = JSON.parse(text.slice(0, end))
          text = text.slice(end + 1)
          actions.push(event.Action)
          if (event.Action === 'destroy') resolve()
        }
      })
    })
    const container = await docker.createContainer({ name: 'dockerode-events', Image: 'busybox', Cmd: ['true'] })
    await container.start()
    await container.wait()
    await container.remove()
    await ended
    stream.destroy()
    assert.deepEqual(actions.filter(action => action !== 'attach'), ['create', 'start', 'die', 'destroy'])
  },

  async life_of_a_container () {
    const container = await running('dockerode-life', { Cmd: ['sh', '-c', 'touch /made; sleep 1000'], HostConfig: { Memory: 64 << 20 } })
    await container.pause()
    assert.equal((await container.inspect()).State.Paused, true)
    await container.unpause()
    await container.rename({ name: 'dockerode-renamed' })
    await container.update({ Memory: 128 << 20, MemorySwap: 256 << 20 })
    assert.equal((await container.inspect()).HostConfig.Memory, 128 << 20)
    assert.ok((await container.top()).Processes.length > 0)
    const stats = await container.stats({ stream: false })
    assert.ok(stats.memory_stats.usage > 0)
    await container.restart({ t: 0 })
    await container.kill()
    assert.equal((await container.wait()).StatusCode, 137)
    assert.deepEqual((await container.changes()).filter(change => change.Path === '/made'), [{ Path: '/made', Kind: 1 }])
    await container.commit({ repo: 'dockerode-commit' })
    await docker.getImage('dockerode-commit').remove()
    await fails(container.kill(), 409)
    await container.remove({ v: true })
  },

  async networks_and_volumes () {
    const network = await docker.createNetwork({ Name: 'dockerode-net', CheckDuplicate: true })
    const volume = await docker.createVolume({ Name: 'dockerode-vol' })
    const container = await running('dockerode-member', { HostConfig: { Binds: ['dockerode-vol:/data'] } })
    await network.connect({ Container: container.id, EndpointConfig: { Aliases: ['member'] } })
    assert.deepEqual(Object.keys((await network.inspect()).Containers), [container.id])
    await network.disconnect({ Container: container.id })
    await fails(docker.getVolume('dockerode-vol').remove(), 409)
    await container.remove({ force: true })
    assert.ok((await docker.listVolumes()).Volumes.some(one => one.Name === 'dockerode-vol'))
    await docker.getVolume(volume.name || 'dockerode-vol').remove()
    await network.remove()
    await fails(network.inspect(), 404)
  },

  async image_is_saved_and_loaded () {
    const archive = await read(await docker.getImage('busybox').get())
    assert.ok(archive.length > 1024)
    const file = path.join(work, 'busybox.tar')
    fs.writeFileSync(file, archive)
    const lines = await progress(await docker.loadImage(file))
    assert.match(lines.map(line => line.stream).join(''), /Loaded image: busybox:latest/)
  },

  async prunes () {
    const container = await docker.createContainer({ Image: 'busybox', Cmd: ['true'], Labels: { pruned: 'yes' } })
    const pruned = await docker.pruneContainers({ filters: { label: ['pruned=yes'] } })
    assert.deepEqual(pruned.ContainersDeleted, [container.id])
    await docker.pruneNetworks()
    await docker.pruneVolumes()
  }
}

const limited = work => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`not finished within ${LIMIT_MILLIS} ms`)), LIMIT_MILLIS)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
})

const all = async () => {
  // Each test but the pull needs the image.
  await progress(await docker.pull('busybox:latest'))
  for (const [name, test] of Object.entries(tests)) {
    try {
      await limited(test())
      console.log(`pass ${name}`)
    } catch (failure) {
      console.log(`fail ${name}`)
      console.error(`${name}: ${failure.stack}`)
    }
  }
  process.exit(0)
}

all().catch(failure => {
  console.error(failure)
  process.exit(1)
})
