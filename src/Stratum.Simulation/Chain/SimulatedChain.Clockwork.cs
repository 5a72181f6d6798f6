using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What time does to the chain: transactions arrive, and a block that nobody finds becomes easier.</summary>
public sealed partial class SimulatedChain
{
    private void OnTimer()
    {
        bool changed;
        lock (_gate)
        {
            changed = Advance();
        }

        if (changed)
        {
            TemplateChanged?.Invoke();
        }
    }

    /// <summary>Brings the chain up to the clock, right even where no timer fires. True: it changed.</summary>
    private bool Advance()
    {
        if (_disposed)
        {
            return false;
        }

        long before = _revision;
        if (Options.JobInterval != Timeout.InfiniteTimeSpan)
        {
            double due = Math.Floor(_time.GetElapsedTime(_transactionSince) / Options.JobInterval);
            if (due >= 1)
            {
                _transactionSince += Ticks(Options.JobInterval * due);
                for (int i = 0; i < Math.Min(due, MostTransactionsAtOnce); i++)
                {
                    _mempool.Add(_store.Tip.Block.Height);
                }

                Change();
            }
        }

        SetBits(_pace.Waiting(_time.GetElapsedTime(_tipSince) / Options.BlockTime));
        Wind();
        return _revision != before;
    }

    /// <summary>Sets the timer to whatever is due first, so that long polls are woken.</summary>
    private void Wind()
    {
        var elapsed = _time.GetElapsedTime(_tipSince);
        var next = TimeSpan.MaxValue;
        if (_pace.NextFall(elapsed / Options.BlockTime) is { } fall)
        {
            next = Options.BlockTime * fall - elapsed;
        }

        if (Options.JobInterval != Timeout.InfiniteTimeSpan)
        {
            var transaction = Options.JobInterval - _time.GetElapsedTime(_transactionSince);
            next = transaction < next ? transaction : next;
        }

        if (next < TimeSpan.FromDays(1))
        {
            // Timers count whole milliseconds; one too early would fire again and again until the moment comes.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, next.TotalMilliseconds)) + 1),
                Timeout.InfiniteTimeSpan);
        }
    }

    /// <param name="mined">False: what happened is no measure of any miner.</param>
    /// <param name="change">How the chain came to its tip; nothing is done when it did not move.</param>
    private void BeginTip(bool mined, ChainChange change)
    {
        if (change.IsEmpty)
        {
            return;
        }

        bool measured = mined && change.Disconnected.Count == 0 && change.Connected.Count == 1;
        SetBits(measured ? _pace.Found(_time.GetElapsedTime(_tipSince) / Options.BlockTime) : _pace.Waiting(0));
        BeginTip(change.Connected.Count > 0 ? Options.TransactionsPerBlock : 0);
        Wind();
    }

    private void BeginTip(int transactions)
    {
        long height = _store.Tip.Block.Height;
        _tipSince = _time.GetTimestamp();
        for (int i = 0; i < transactions; i++)
        {
            _mempool.Add(height);
        }

        if (Options.FullBlocks)
        {
            _mempool.Fill(height, MostTransactionWeight);
        }

        _group.Bits.Add(_store.Tip.Block.Hash, _bits);
        Change();
    }

    private void SetBits(double difficulty)
    {
        var target = Target.FromDifficulty(new Difficulty(difficulty), Coin.DifficultyScale);
        var bits = CompactTarget.FromTarget(target.CompareTo(_easiest) < 0 ? target : _easiest);
        if (bits != _bits)
        {
            _bits = bits;
            _group.Bits.Add(_store.Tip.Block.Hash, bits);
            Change();
        }
    }

    /// <summary>The template that was current no longer is.</summary>
    private void Change()
    {
        _revision++;
        _snapshot = null;
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
