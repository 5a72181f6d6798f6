using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    /// <summary>Hands in a share.</summary>
    /// <param name="job">The job that it solves.</param>
    /// <param name="extranonce2">The miner's part of the coinbase.</param>
    /// <param name="time">The header's time.</param>
    /// <param name="nonce">The header's nonce.</param>
    /// <param name="versionBits">The rolled bits; sent only where version rolling was negotiated.</param>
    /// <param name="worker">Null for the first worker that was authorized.</param>
    /// <param name="cancellationToken">Stops waiting; the share counts all the same.</param>
    /// <returns>What the pool said. A share's fate is a value.</returns>
    /// <exception cref="IOException">The connection is, or was, lost: the share's fate is unknown.</exception>
    /// <exception cref="TimeoutException">No answer.</exception>
    /// <exception cref="InvalidOperationException">No worker was named or authorized.</exception>
    public Task<SubmitResult> SubmitAsync(
        ClientJob job,
        Extranonce extranonce2,
        uint time,
        uint nonce,
        uint versionBits = 0,
        string? worker = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        uint? bits = job.VersionRolling ? versionBits : null;
        return SubmitAsync(worker ?? FirstWorker(), job.Id, extranonce2, time, nonce, bits, cancellationToken);
    }

    /// <summary>Hands in a share by its raw fields.</summary>
    /// <param name="worker">Who found it.</param>
    /// <param name="jobId">The pool's name for the job.</param>
    /// <param name="extranonce2">The miner's part of the coinbase.</param>
    /// <param name="time">The header's time.</param>
    /// <param name="nonce">The header's nonce.</param>
    /// <param name="versionBits">The sixth parameter; null leaves it out.</param>
    /// <param name="cancellationToken">Stops waiting; the share counts all the same.</param>
    /// <inheritdoc cref="SubmitAsync(ClientJob, Extranonce, uint, uint, uint, string?, CancellationToken)"/>
    public Task<SubmitResult> SubmitAsync(
        string worker,
        string jobId,
        Extranonce extranonce2,
        uint time,
        uint nonce,
        uint? versionBits = null,
        CancellationToken cancellationToken = default)
    {
        byte[] workerUtf8 = Encoding.UTF8.GetBytes(worker);
        byte[] jobUtf8 = Encoding.UTF8.GetBytes(jobId);
        return Ready().CallAsync<SubmitResult>("mining.submit", Write, Answers.Share, Options.CallTimeout, cancellationToken);

        void Write(IBufferWriter<byte> writer, long id) => new SubmitRequest
        {
            Worker = workerUtf8,
            JobId = jobUtf8,
            Extranonce2 = extranonce2,
            Time = time,
            Nonce = nonce,
            VersionBits = versionBits ?? 0,
            HasVersionBits = versionBits is not null,
        }.Write(writer, id);
    }

    /// <summary>Calls any method.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="parameters">The params as JSON, usually an array.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The result, whatever it is.</returns>
    /// <exception cref="ArgumentException">The parameters are not JSON.</exception>
    /// <exception cref="StratumRemoteException">The pool answered with an error.</exception>
    /// <exception cref="IOException">The connection is, or was, lost.</exception>
    /// <exception cref="TimeoutException">No answer.</exception>
    public Task<JsonElement> CallAsync(string method, string parameters = "[]", CancellationToken cancellationToken = default)
    {
        byte[] name = Encoding.UTF8.GetBytes(method);
        byte[] json = RawJson.OneLine(parameters, nameof(parameters));
        return Ready().CallAsync<JsonElement>(
            method, (writer, id) => MessageWriter.WriteRequest(writer, id, name, json), Answers.Any, Options.CallTimeout, cancellationToken);
    }

    /// <summary>Calls any method, with types.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="parameters">What is written as the params.</param>
    /// <param name="parametersType">How it is written.</param>
    /// <param name="resultType">How the result is read.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StratumProtocolException">The result has another shape.</exception>
    /// <inheritdoc cref="CallAsync(string, string, CancellationToken)"/>
    public async Task<TResult?> CallAsync<TParams, TResult>(
        string method,
        TParams parameters,
        JsonTypeInfo<TParams> parametersType,
        JsonTypeInfo<TResult> resultType,
        CancellationToken cancellationToken = default)
    {
        string json = JsonSerializer.Serialize(parameters, parametersType);
        var result = await CallAsync(method, json, cancellationToken).ConfigureAwait(false);
        try
        {
            return result.Deserialize(resultType);
        }
        catch (JsonException error)
        {
            throw new StratumProtocolException($"The result of {method} is not a {typeof(TResult).Name}: {error.Message}", error);
        }
    }

    /// <summary>Sends a notification: <c>"id":null</c>, no answer.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="parameters">The params as JSON, usually an array.</param>
    /// <exception cref="ArgumentException">The parameters are not JSON.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public Task NotifyAsync(string method, string parameters = "[]")
    {
        byte[] name = Encoding.UTF8.GetBytes(method);
        byte[] json = RawJson.OneLine(parameters, nameof(parameters));
        return Ready().SendAsync(writer => MessageWriter.WriteNotification(writer, name, json));
    }

    /// <summary>Sends a line as it is; an answer to it shows up in <see cref="LineReceived"/>.</summary>
    /// <param name="line">Anything, without its line end.</param>
    /// <exception cref="ArgumentException">There is a line end inside.</exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public Task SendAsync(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Contains('\n', StringComparison.Ordinal))
            throw new ArgumentException("One line at a time, without its line end", nameof(line));
        byte[] utf8 = Encoding.UTF8.GetBytes(line + "\n");
        return Ready().SendAsync(writer => writer.Write(utf8));
    }

    private Task<SubscribeResult> SubscribeAsync(PoolSession session, SubscribeRequest request, CancellationToken cancellationToken) =>
        session.CallAsync("mining.subscribe", request.Write, Answers.Subscribe(session.Work), Options.CallTimeout, cancellationToken);

    private Task<bool> AuthorizeAsync(PoolSession session, AuthorizeRequest request, CancellationToken cancellationToken) =>
        session.CallAsync("mining.authorize", request.Write, Answers.Authorize(request.Worker), Options.CallTimeout, cancellationToken);

    private static Task<ConfigureResult> ConfigureAsync(
        PoolSession session, ConfigureRequest request, TimeSpan timeout, CancellationToken cancellationToken) =>
        session.CallAsync("mining.configure", request.Write, Answers.Configure(session.Work, request), timeout, cancellationToken);

    // An answer may come: it must find its call, and then nobody.
    private void AskInPassing(PoolSession session, string method, Action<IBufferWriter<byte>, long> write) =>
        _ = session.CallAsync<bool>(method, write, Answers.Ignore, Options.CallTimeout, CancellationToken.None)
            .ContinueWith(static call => _ = call.Exception, TaskScheduler.Default);

    private string FirstWorker()
    {
        lock (_gate)
        {
            return _authorized.Count > 0
                ? _authorized[0].Worker
                : throw new InvalidOperationException("No worker is authorized: call AuthorizeAsync first, or name the worker.");
        }
    }
}
