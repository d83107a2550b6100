"""Sentences with facts in them, and under which keys each fact may be asked for.

A record is a block of lines. The first names its slots: ``slot=kind:key,key,...``; the others are
sentences that say all of them. An indented
line goes on with the one before. What each kind draws is told by ``extraction.draw_value``.
"""

from __future__ import annotations

from dataclasses import dataclass

_TEXT = """
who=person:name,person,full_name where=city:city,town,place_of_residence,location
{who} lives in {where}.
[My friend|A student called|Our colleague|My neighbour|Someone named] {who} comes from {where}.
{who} moved to {where}[| last year| in spring].
In {where} there lives a [teacher|baker|pilot|woman] called {who}.
{who} is at home in {where}.

who=person:name,person,user age=age:age,years
{who} is {age} years old.
[My name is|I am] {who} and I am {age}[| years old].
{who} turned {age} [today|yesterday|this week].
{age}-year-old {who} [won the race|called today|is here].

who=person:name,person age=age:age where=city:city,home,residence
{who} is {age} years old and lives in {where}.
{who}, {age}, [lives in|is from|works in] {where}.
I am {who}, I am {age} and I live in {where}.
{who} ({age}) from {where} [wrote to us|has a question|called].

who=person:name,person,employee job=job:job,profession,occupation,role
  where=city:city,workplace,office
{who} works as a {job} in {where}.
{who} is a {job} [in|from|based in] {where}.
The {job} {who} [lives in|comes from|moved to] {where}.

who=person:customer,name,buyer,client n=small:quantity,amount,count,number
  what=thing:item,product,article
{who} [ordered|bought|wants|needs|would like|asked for] {n} {what}s[| today| yesterday].
Please send {n} {what}s to {who}.
An order came in: {n} {what}s for {who}.

who=person:customer,name,buyer what=thing:item,product,article cost=money:price,cost,amount,total
{who} paid {cost} [dollars|euros] for a {what}.
{who} bought a {what} for {cost} [dollars|euros].
{who} sells a {what} for {cost} [dollars|euros].
A {what} for {cost} [dollars|euros] was sold to {who}.

n=small:quantity,amount,count what=thing:item,product cost=money:price,unit_price,total
{n} {what}s cost {cost} [dollars|euros].
The bill says {n} {what}s, {cost} [dollars|euros].
We sold {n} {what}s for {cost} [dollars|euros] in all.

what=thing:product,item cost=money:price,cost tint=color:color,colour
The {tint} {what} costs {cost} [dollars|euros].
A {tint} {what} is {cost} [dollars|euros].
For {cost} [dollars|euros] you get a {tint} {what}.

beast=animal:animal,pet,species tint=color:color,colour
[I saw|We found|There was] a {tint} {beast} [in the garden|on the road|today].
The {beast} [is|was] {tint}.

who=person:owner,name beast=animal:animal,pet,species pet=person:pet_name,animal_name
{who} has a {beast} called {pet}.
{who}'s {beast} is called {pet}.
The {beast} {pet} belongs to {who}.

what=thing:product,item stars=stars:rating,stars,score
I give the {what} {stars} stars.
The {what} gets {stars} stars [from me|out of five].
{stars} out of 5 stars for this {what}.

what=thing:product,item stars=stars:rating,stars feel=feeling:sentiment,opinion,mood
The {what} gets {stars} stars: the review is {feel}.
A {feel} review with {stars} stars for the {what}.

who=person:passenger,name,traveller,traveler start=city:origin,from,departure
  goal=city:destination,to,arrival
{who} [flies|travels|drives|goes] from {start} to {goal}[| tomorrow| by train].
A ticket for {who} from {start} to {goal}[, please|].
From {start} to {goal}, [one seat for|passenger] {who}.

start=city:origin,from,departure_city goal=city:destination,to,arrival_city
  day=date:date,day,departure_date
I want to [fly|travel] from {start} to {goal} on {day}.
The [train|flight|bus] from {start} to {goal} leaves on {day}.
On {day} we go from {start} to {goal}.

start=city:origin,from goal=city:destination,to far=number:distance,distance_km,kilometers
It is {far} kilometres from {start} to {goal}.
The distance between {start} and {goal} is {far} km.

event=event:event,title,occasion,meeting day=weekday:day,weekday hour=time:time,hour,start_time
The {event} is on {day} at {hour}.
[Do not forget|Remember|Note]: {event} on {day} at {hour}.
{day}, {hour}: {event}.
We have a {event} on {day} at {hour}.

event=event:event,title day=date:date,day where=city:city,place,location,venue
The {event} takes place in {where} on {day}.
On {day} there is a {event} in {where}.
{where} has a {event} on {day}.

who=person:guest,name,contact event=event:event,occasion day=weekday:day,weekday
{who} comes to the {event} on {day}.
{who} [invited us to|cannot come to|will miss] the {event} on {day}.

who=person:guest,name n=small:guests,people,persons,party_size day=weekday:day,weekday
  hour=time:time,hour
A table for {n} people on {day} at {hour}, the name is {who}.
{who} booked a table for {n} on {day} at {hour}.
Please reserve for {n} people on {day} at {hour} for {who}.

who=person:guest,name nights=small:nights,days,duration where=city:city,hotel_city,location
{who} stays {nights} nights in {where}.
{who} booked {nights} nights at a hotel in {where}.

who=person:author,writer,name title=title:title,book,work year=year:year,published,publication_year
{who} wrote "{title}" in {year}.
"{title}" by {who} came out in {year}.
The book "{title}" was published in {year}; its author is {who}.

title=title:title,film,movie who=person:director,name mins=number:minutes,duration,length
{who} directed the film "{title}", which lasts {mins} minutes.
"{title}" is a film by {who} of {mins} minutes.

title=title:song,title,track who=person:artist,singer,band
{who} sings "{title}".
The song "{title}" is by {who}.

who=person:name,contact,sender mail=email:email,mail,address
{who} can be reached at {mail}.
The e-mail address of {who} is {mail}.
Please write to {who}: {mail}.
I am {who}, my e-mail is {mail}.

who=person:name,contact,caller tel=phone:phone,telephone,phone_number
{who} has the number {tel}.
Call {who} at {tel}.
{who}'s phone number is {tel}.

code=ident:order_id,order,id,number state=state:status,state
Order {code} is {state}.
The status of order {code} is {state}.
{code} has been {state}.

code=ident:invoice,id,invoice_number cost=money:amount,total,sum day=date:date,due_date,due
Invoice {code} over {cost} [euros|dollars] is due on {day}.
Please pay {cost} [euros|dollars] for invoice {code} by {day}.

code=ident:ticket,id,ticket_id issue=issue:issue,problem,subject
  level=level:priority,severity,urgency
Ticket {code}: {issue}, priority {level}.
{code} was opened because of {issue}; the priority is {level}.

where=city:city,location,place deg=temp:temperature,degrees,temp sky=sky:weather,condition,sky
In {where} it is {sky} and {deg} degrees.
{where}: {sky}, {deg} degrees.
The weather in {where} is {sky} at {deg} degrees.

where=city:city,capital,name people=big:population,inhabitants,people
{where} has {people} inhabitants.
About {people} people live in {where}.

team=city:home_team,team,winner other=city:away_team,opponent,loser
  goals=tiny:home_goals,goals,score against=tiny:away_goals,goals_against,opponent_score
{team} [beat|played|met] {other} {goals} to {against}.
{team} against {other} ended {goals}:{against}.

who=person:student,name,pupil subject=subject:subject,course,class grade=stars:grade,mark
{who} got a {grade} in {subject}.
In {subject}, {who} has grade {grade}.

who=person:teacher,name subject=subject:subject,course room=number:room,classroom
{who} teaches {subject} in room {room}.
{subject} with {who} is in room {room}.

dish=food:dish,recipe,meal parts=parts:ingredients,parts,items
For the {dish} you need {parts}.
{dish}: {parts}.
The {dish} is made of {parts}.

dish=food:dish,meal mins=number:minutes,time,cooking_time n=small:servings,portions,people
The {dish} takes {mins} minutes and serves {n} people.
Cook the {dish} for {mins} minutes; it is enough for {n}.

people=people:names,people,members,participants event=event:event,meeting
{people} come to the {event}.
The {event} is for {people}.

people=people:names,people,friends,guests where=city:city,place
{people} [live|met|are] in {where}.
I met {people} in {where}.

who=person:name,driver car=color:color,car_color speed=number:speed,kmh
{who} drives a {car} car at {speed} km/h.
The {car} car of {who} went {speed} km/h.

model=thing:device,model,product size=decimal:weight,weight_kg,size
The {model} weighs {size} kg.
At {size} kg the {model} is [light|heavy].

what=thing:part,object,item long=decimal:length,length_m wide=decimal:width,width_m
The {what} is {long} m long and {wide} m wide.
A {what} of {long} by {wide} metres.

who=person:name,patient deg=decimal:temperature,fever
{who} has a temperature of {deg} degrees.
The temperature of {who} is {deg}.

host=host:server,host,machine load=number:load,cpu,usage state=state2:status,state
Server {host} is {state} with a load of {load} percent.
{host} is {state}, load {load} %.

endpoint=host:endpoint,name,deployment zone=zone:region,zone n=tiny:replicas,instances
The endpoint {endpoint} runs in {zone} with {n} replicas.
{endpoint} has {n} replicas in {zone}.

who=person:name,user yes=yes:subscribed,newsletter,active
{who} {yes} subscribed to the newsletter.

what=thing:item,product yes=yes:in_stock,available,stock
The {what} {yes} available.

who=person:name,child toy=thing:gift,present,toy event=event:event,occasion
{who} got a {toy} for the {event}.
For the {event}, {who} wants a {toy}.

who=person:finder,name what=thing:item,object,lost_item where=place:place,location
{who} [found|lost|forgot] a {what} in the {where}.
A {what} was found in the {where} by {who}.

who=person:name,runner rank=tiny:rank,place,position secs=decimal:time,seconds
{who} finished in place {rank} after {secs} seconds.
{who} needed {secs} seconds and came in at place {rank}.

firm=firm:company,firm,employer who=person:ceo,founder,boss year=year:founded,year,since
{who} founded {firm} in {year}.
{firm} was founded by {who} in {year}.
{who} has been with {firm} since {year}.
"""


@dataclass(frozen=True)
class Slot:
    """A fact: what kind it is of, and the keys that may ask for it."""

    name: str
    kind: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Facts that one sentence tells, and the sentences."""

    slots: tuple[Slot, ...]
    sentences: tuple[str, ...]


def _parse(block: str) -> Record:
    head, *sentences = block.strip().replace("\n  ", " ").splitlines()
    slots = []
    for part in head.split(" "):
        name, _, rest = part.partition("=")
        kind, _, keys = rest.partition(":")
        slots.append(Slot(name, kind, tuple(keys.split(","))))
    return Record(tuple(slots), tuple(sentences))


RECORDS = tuple(_parse(block) for block in _TEXT.strip().split("\n\n"))
"""All of them."""

KEYS = tuple(
    """
name age city country street zip phone email date time day month year price cost total amount
quantity weight height length width depth size color shape material brand model version title
author editor publisher language genre pages chapter rating score level status priority owner
manager teacher student doctor patient driver pilot captain winner loser team league coach player
position goals points rank country_code currency balance account bank branch iban customer order
invoice receipt discount tax shipping carrier tracking warehouse shelf stock supplier origin
destination departure arrival gate seat flight train bus platform hotel room floor nights guests
breakfast menu dish drink dessert allergy diet calories protein sugar fat salt temperature
humidity wind pressure rain snow speed distance duration start end deadline reminder event venue
host speaker topic agenda summary comment question answer category tag label group class grade
subject course exam result project task step phase budget sponsor company department role salary
job skill degree school university birthday birthplace nationality gender hobby pet animal breed
plant flower tree fruit vegetable tool machine engine fuel power voltage battery screen memory
disk processor network server port protocol domain address url file folder format encoding
checksum user password permission token session endpoint replica region provider instance
container image planet star galaxy orbit mission rocket crew payload song album artist band genre
tempo instrument
""".split()
)
"""Plain keys, for facts that are told as "the key is value"."""
