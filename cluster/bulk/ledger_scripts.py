"""The ledger's moves as Redis runs them. `KEYS[1]` is what the names of all keys of a run begin with.

row:KEY       the row, a hash
state:STATE   the keys of the rows in a state, by their number in the file
worker:NAME   the keys of the rows that a worker has in hand
"""

_MOVE = """
local function move(key, row, from, to)
  redis.call('ZREM', KEYS[1] .. 'state:' .. from, key)
  redis.call('ZADD', KEYS[1] .. 'state:' .. to, redis.call('HGET', row, 'number'), key)
  if from == 'claimed' then
    redis.call('SREM', KEYS[1] .. 'worker:' .. redis.call('HGET', row, 'worker'), key)
    redis.call('HSET', row, 'worker', '')
  end
  redis.call('HSET', row, 'state', to)
end
"""

REGISTER = (
    _MOVE
    + """
local reading, told = ARGV[1], {}
for at = 2, #ARGV, 4 do
  local key, id, number, fingerprint = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local row = KEYS[1] .. 'row:' .. key
  local known = redis.call('HMGET', row, 'id', 'fingerprint', 'seen', 'state', 'number')
  local state = known[4] or 'waiting'
  if not known[1] then
    redis.call('HSET', row, 'id', id, 'number', number, 'fingerprint', fingerprint, 'seen', reading,
      'state', 'waiting', 'attempt', 0, 'fence', 0, 'deaths', 0, 'worker', '', 'note', '')
    redis.call('ZADD', KEYS[1] .. 'state:waiting', number, key)
    told[#told + 1] = {'new', 'waiting', number}
  elseif known[3] == reading then
    told[#told + 1] = {'duplicate', state, known[5]}
  elseif known[1] == id and known[2] == fingerprint then
    redis.call('HSET', row, 'number', number, 'seen', reading)
    redis.call('ZADD', KEYS[1] .. 'state:' .. state, number, key)
    told[#told + 1] = {'known', state, number}
  else
    redis.call('HSET', row, 'id', id, 'number', number, 'fingerprint', fingerprint, 'seen', reading,
      'attempt', 0, 'deaths', 0, 'note', '')
    redis.call('HINCRBY', row, 'fence', 1)
    move(key, row, state, 'waiting')
    told[#told + 1] = {'changed', 'waiting', number}
  end
end
return told
"""
)

CLAIM = (
    _MOVE
    + """
local key, fingerprint, worker = ARGV[1], ARGV[2], ARGV[3]
local row = KEYS[1] .. 'row:' .. key
local known = redis.call('HMGET', row, 'state', 'fingerprint', 'id', 'deaths')
if (known[1] ~= 'waiting' and known[1] ~= 'parked') or known[2] ~= fingerprint then return {} end
move(key, row, known[1], 'claimed')
redis.call('HSET', row, 'worker', worker, 'note', '')
redis.call('SADD', KEYS[1] .. 'worker:' .. worker, key)
return {known[3], redis.call('HINCRBY', row, 'attempt', 1), redis.call('HINCRBY', row, 'fence', 1), known[4]}
"""
)

SETTLE = (
    _MOVE
    + """
local key, fence, to, note = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local row = KEYS[1] .. 'row:' .. key
local known = redis.call('HMGET', row, 'state', 'fence', 'note')
if known[2] ~= fence then return 0 end
if known[1] == 'claimed' then
  redis.call('HSET', row, 'note', note)
  move(key, row, 'claimed', to)
  return 1
end
if known[1] == to and known[3] == note then return 1 end
return 0
"""
)

WORKER_DIED = (
    _MOVE
    + """
local told = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1] .. 'worker:' .. ARGV[1])) do
  local row = KEYS[1] .. 'row:' .. key
  local to, note = 'waiting', ''
  if redis.call('HINCRBY', row, 'deaths', 1) >= tonumber(ARGV[2]) then to, note = 'failed', ARGV[3] end
  redis.call('HINCRBY', row, 'fence', 1)
  redis.call('HSET', row, 'note', note)
  move(key, row, 'claimed', to)
  told[#told + 1] = {redis.call('HGET', row, 'id'), to}
end
return told
"""
)

RELEASE = (
    _MOVE
    + """
local row = KEYS[1] .. 'row:' .. ARGV[1]
if redis.call('HGET', row, 'state') ~= 'claimed' then return 0 end
redis.call('HINCRBY', row, 'fence', 1)
move(ARGV[1], row, 'claimed', 'waiting')
return 1
"""
)

RETRY = (
    _MOVE
    + """
local row = KEYS[1] .. 'row:' .. ARGV[1]
if redis.call('HGET', row, 'state') ~= 'failed' then return 0 end
redis.call('HSET', row, 'deaths', 0, 'note', '')
move(ARGV[1], row, 'failed', 'waiting')
return 1
"""
)

FORGET = """
local key = ARGV[1]
local row = KEYS[1] .. 'row:' .. key
local known = redis.call('HMGET', row, 'state', 'seen', 'worker')
if not known[1] or known[1] == 'done' or known[2] == ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1] .. 'state:' .. known[1], key)
redis.call('SREM', KEYS[1] .. 'worker:' .. known[3], key)
redis.call('DEL', row)
return 1
"""

ALL = (REGISTER, CLAIM, SETTLE, WORKER_DIED, RELEASE, RETRY, FORGET)
